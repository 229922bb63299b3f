"""Real servers for tests: PostgreSQL and three that speak S3. Each module is a pytest plugin with session fixtures."""
