"""What every page needs and no feature owns: the request's session, errors, security headers, filters, pages of a list."""
