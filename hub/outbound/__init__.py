"""What leaves the hub: mail by SMTP, and requests to web servers that may not reach into the private network."""
