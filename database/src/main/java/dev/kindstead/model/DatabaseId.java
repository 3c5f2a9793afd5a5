package dev.kindstead.model;

/**
 * A database: the unit of settings.
 *
 * @param project the project id
 * @param database the database id, empty for the default database
 */
public record DatabaseId(String project, String database) {}
