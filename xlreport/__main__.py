"""`python -m xlreport` is the command line."""

from xlreport.cli import main

if __name__ == "__main__":
    main()
