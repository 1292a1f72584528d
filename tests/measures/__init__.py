"""Tests of risk_model/measures."""
