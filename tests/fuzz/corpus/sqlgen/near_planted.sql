-- stmt: xxxy :exec
-- spans: organisations
X;
-- stmt: xxxz :exec
-- spans: organisations
X;
-- stmt: xxxw :exec
-- spans: organisations
X;
-- stmt: xxxv :exec
-- spans: organisations
X;
-- stmt: xxxu :exec
-- spans: organisations
X;
