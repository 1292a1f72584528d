"""The importer and the model on real published files, which the project does not contain."""
