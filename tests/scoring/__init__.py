"""Tests of risk_model/scoring."""
