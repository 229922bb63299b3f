"""The writing side: taxonomy, assets, versions, files, uploads, publishing, import."""
