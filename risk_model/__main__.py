"""`python -m risk_model`: the command line."""

from risk_model.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
