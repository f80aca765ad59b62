"""Crawl HypeAuditor's reportConnections breadth-first and map who is connected to whom."""

__version__ = "0.1.0"
