DROP TABLE links_ever_made;
