"""A fake of Aurora's REST API, versions 2018.01 and 2022.09, that customers' programs are run against."""
