-- stmt: xxxy :exec
-- spans: organisations
DELETE FROM t;
