"""The Beehive warehouse: New Zealand's government press releases as a DuckDB star schema."""

__version__ = "0.1.0"
