"""What needs an install of its own is no part of the suite: it is not there unless it is asked for."""

import os

# RISK_SPARK=1 asks for it, where Spark and Java are installed
collect_ignore = [] if os.environ.get("RISK_SPARK") else ["test_on_spark.py"]
