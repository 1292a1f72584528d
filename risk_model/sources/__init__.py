"""Published files in: recognise, check, store. One importer per published file kind."""
