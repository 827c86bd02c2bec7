-- Two roles: the owner migrates, the application serves and obeys every policy. Run as a superuser; choose your own passwords.
CREATE ROLE cleanconnect_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOBYPASSRLS;
CREATE ROLE cleanconnect_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
CREATE DATABASE cleanconnect OWNER cleanconnect_owner;
-- For backups: sees the rows of all companies, writes none.
CREATE ROLE cleanconnect_backup LOGIN PASSWORD :'backup_password' BYPASSRLS;
GRANT pg_read_all_data TO cleanconnect_backup;
