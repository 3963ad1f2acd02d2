"""The shell that every page shares: templates, assets, headers, error pages, paging, Markdown. Knows no feature."""
