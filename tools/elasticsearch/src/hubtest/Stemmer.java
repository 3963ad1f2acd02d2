package hubtest;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.elasticsearch.plugin.Inject;
import org.elasticsearch.plugin.NamedComponent;
import org.elasticsearch.plugin.analysis.TokenFilterFactory;
import org.elasticsearch.plugin.settings.AnalysisSettings;
import org.elasticsearch.plugin.settings.StringSetting;
import org.tartarus.snowball.ext.EnglishStemmer;

/** `stemmer` with `language: porter2` (or `porter`, as without settings), as a full Elasticsearch has built in. */
@NamedComponent("stemmer")
public class Stemmer implements TokenFilterFactory {
    /** Settings of the filter. */
    @AnalysisSettings
    public interface Options {
        @StringSetting(path = "language", defaultValue = "porter")
        String language();
    }

    private final boolean porter2;

    @Inject
    public Stemmer(Options options) {
        porter2 = switch (options.language()) {
            case "porter" -> false;
            case "porter2" -> true;
            default -> throw new IllegalArgumentException("this stemmer does not know [" + options.language() + "]");
        };
    }

    @Override
    public TokenStream create(TokenStream input) {
        return porter2 ? new SnowballFilter(input, new EnglishStemmer()) : new PorterStemFilter(input);
    }
}
