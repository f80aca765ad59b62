"""The breadth-first engine over three ports: a source of answers, a frontier, permits."""

from graphcrawl.crawl.asking import Asker, StopSignal
from graphcrawl.crawl.attempts import AttemptLog
from graphcrawl.crawl.budget import Bounds, Budgeted, BudgetReached
from graphcrawl.crawl.engine import Crawl
from graphcrawl.crawl.estimate import Ahead, Level, look_ahead
from graphcrawl.crawl.gallery import Gallery, PictureCounts
from graphcrawl.crawl.pacing import Unlimited
from graphcrawl.crawl.ports import Frontier, Permits, Source
from graphcrawl.crawl.progress import Progress, Report, foretold
from graphcrawl.crawl.retry import RetryPolicy

__all__ = [
    "Ahead",
    "Asker",
    "AttemptLog",
    "Bounds",
    "BudgetReached",
    "Budgeted",
    "Crawl",
    "Frontier",
    "Gallery",
    "Level",
    "Permits",
    "PictureCounts",
    "Progress",
    "Report",
    "RetryPolicy",
    "Source",
    "StopSignal",
    "Unlimited",
    "foretold",
    "look_ahead",
]
