package hubtest;

import java.util.List;
import java.util.function.IntPredicate;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.util.CharTokenizer;
import org.elasticsearch.plugin.Inject;
import org.elasticsearch.plugin.NamedComponent;
import org.elasticsearch.plugin.analysis.TokenizerFactory;
import org.elasticsearch.plugin.settings.AnalysisSettings;
import org.elasticsearch.plugin.settings.ListSetting;

/** `char_group` with the names of groups and single characters, as a full Elasticsearch has built in. */
@NamedComponent("char_group")
public class CharGroup implements TokenizerFactory {
    /** Settings of the tokenizer. */
    @AnalysisSettings
    public interface Options {
        @ListSetting(path = "tokenize_on_chars")
        List<String> breaks();
    }

    private final IntPredicate breaks;

    @Inject
    public CharGroup(Options options) {
        IntPredicate found = c -> false;
        for (String name : options.breaks()) {
            found = found.or(group(name));
        }
        breaks = found;
    }

    private static IntPredicate group(String name) {
        return switch (name) {
            case "whitespace" -> Character::isWhitespace;
            case "punctuation" -> c -> switch (Character.getType(c)) {
                case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
                default -> false;
            };
            case "symbol" -> c -> switch (Character.getType(c)) {
                case Character.CURRENCY_SYMBOL, Character.MATH_SYMBOL, Character.OTHER_SYMBOL -> true;
                default -> false;
            };
            default -> {
                if (name.length() != 1) {
                    throw new IllegalArgumentException("this tokenizer knows no group [" + name + "]");
                }
                yield c -> c == name.charAt(0);
            }
        };
    }

    @Override
    public Tokenizer create() {
        return CharTokenizer.fromSeparatorCharPredicate(breaks);
    }
}
