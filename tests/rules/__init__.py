"""Tests of risk_model/rules."""
