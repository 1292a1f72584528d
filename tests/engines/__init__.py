"""The evaluation a second time, in pandas and in polars: to prove the SQL, and to be measured beside it."""
