DROP TABLE
  t -- the rest of the line would go with it
;
