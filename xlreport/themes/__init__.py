"""Turn a brand file, a JSON document, into a Theme: held against its schema, its contrast measured."""

from xlreport.themes.load import in_the_name_of, load_theme, shipped_themes, theme_for

__all__ = ["in_the_name_of", "load_theme", "shipped_themes", "theme_for"]
