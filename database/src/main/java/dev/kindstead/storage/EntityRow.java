package dev.kindstead.storage;

/**
 * A stored version of an entity.
 *
 * @param entity as EntityEncoding makes it; shared, not to be written to
 * @param slot the entity group's slot, for ownership filters
 * @param createTime microseconds, of the commit that created it
 * @param updateTime microseconds, of the commit that wrote this version: its version
 */
public record EntityRow(byte[] entity, int slot, long createTime, long updateTime) {}
