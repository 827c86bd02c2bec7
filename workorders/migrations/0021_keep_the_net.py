from django.db import migrations

# The net of an order follows its lines whoever writes them, in bulk too, and nothing else sets it: an order that was read before its lines
# changed and is saved after them would put the old amount back. The rounding is that of `workorders.models.line_net`.
KEEP = """
CREATE FUNCTION workorders_follow_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE workorders_workorder AS o SET net = now.net
    FROM (SELECT touched.order_id, COALESCE(sum(round(l.quantity * l.unit_price * (100 - l.discount) / 100, 2)), 0) AS net
          FROM (SELECT DISTINCT order_id FROM changed) AS touched
          LEFT JOIN workorders_workorderline AS l ON l.order_id = touched.order_id
          GROUP BY touched.order_id) AS now
    WHERE o.id = now.order_id AND o.net <> now.net;
    RETURN NULL;
END $$;

CREATE TRIGGER net_of_new AFTER INSERT ON workorders_workorderline REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION workorders_follow_lines();
CREATE TRIGGER net_of_changed AFTER UPDATE ON workorders_workorderline REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION workorders_follow_lines();
CREATE TRIGGER net_of_left AFTER UPDATE ON workorders_workorderline REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION workorders_follow_lines();
CREATE TRIGGER net_of_deleted AFTER DELETE ON workorders_workorderline REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION workorders_follow_lines();

CREATE FUNCTION workorders_keep_net() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.net := CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.net END;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_net BEFORE INSERT OR UPDATE OF net ON workorders_workorder
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION workorders_keep_net();
"""

FORGET = """
DROP TRIGGER keep_net ON workorders_workorder;
DROP FUNCTION workorders_keep_net();
DROP TRIGGER net_of_new ON workorders_workorderline;
DROP TRIGGER net_of_changed ON workorders_workorderline;
DROP TRIGGER net_of_left ON workorders_workorderline;
DROP TRIGGER net_of_deleted ON workorders_workorderline;
DROP FUNCTION workorders_follow_lines();
"""

# The owner of the tables sees every company's rows while row-level security is not forced on it.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE workorders_workorder NO FORCE ROW LEVEL SECURITY;
ALTER TABLE workorders_workorderline NO FORCE ROW LEVEL SECURITY;
UPDATE workorders_workorder AS o SET net = lines.net
FROM (SELECT order_id, sum(round(quantity * unit_price * (100 - discount) / 100, 2)) AS net
      FROM workorders_workorderline GROUP BY order_id) AS lines
WHERE o.id = lines.order_id;
ALTER TABLE workorders_workorderline FORCE ROW LEVEL SECURITY;
ALTER TABLE workorders_workorder FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """The orders that there are get the net of their lines, which from then on the database keeps."""

    dependencies = [("workorders", "0020_net_of_an_order")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop), migrations.RunSQL(KEEP, FORGET)]
