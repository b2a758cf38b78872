"""What programs on the Web expect of a site: a sitemap, links in headers, validators, access from other sites."""
