-- Two roles: the owner migrates, the application serves and obeys every policy. Run as a superuser; it asks for passwords of your own.
\prompt 'Password for cleanconnect_owner: ' owner_password
\prompt 'Password for cleanconnect_app: ' app_password
\prompt 'Password for cleanconnect_backup: ' backup_password
CREATE ROLE cleanconnect_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOBYPASSRLS;
CREATE ROLE cleanconnect_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
-- For backups: sees the rows of all companies, writes none.
CREATE ROLE cleanconnect_backup LOGIN PASSWORD :'backup_password' BYPASSRLS;
GRANT pg_read_all_data TO cleanconnect_backup;
-- What people typed stays out of the server's log: no statement with its values, no key of a row.
ALTER ROLE cleanconnect_app SET log_min_error_statement = 'panic';
ALTER ROLE cleanconnect_app SET log_error_verbosity = 'terse';
