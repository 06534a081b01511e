"""Turn flat tables into exact figures: indicators and pivots."""
