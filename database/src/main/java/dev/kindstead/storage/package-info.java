/**
 * Versioned entities and index entries of one shard, over an ordered store of bytes.
 *
 * <p>In the order a commit meets them: the participant hands its {@link
 * dev.kindstead.storage.Change}s with a timestamp to {@link dev.kindstead.storage.VersionedStore},
 * which stages them into a {@link dev.kindstead.storage.WriteSet}: the new rows, and what they
 * supersede as history. An {@link dev.kindstead.storage.OrderedStore} writes the set as one: {@link
 * dev.kindstead.storage.MemoryStore} in trees, {@code RocksStore} on disk. Readers take a {@link
 * dev.kindstead.storage.Snapshot} at a timestamp.
 *
 * <p>Current rows stand apart from history (design D5). CURRENT and INDEX hold the newest version
 * of each entity and index entry under its plain key: a lookup is one point get, a scan meets no
 * dead rows. What a commit supersedes moves to HISTORY, grouped into buckets of ten seconds by the
 * time of its end: a snapshot of age <i>a</i> reads only the buckets of the last <i>a</i>, and
 * garbage collection drops whole buckets. Three helpers in memory keep the usual read, which is
 * milliseconds old, away from history altogether: {@code RecentChanges} (what the last commits
 * superseded), {@code DeadRanges} (where a queue's head left nothing but deletions) and {@code
 * HistoryBuckets} (which buckets hold anything).
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>A version is valid in [from, until); the versions of one key never overlap; the one without
 *       an end is in CURRENT or INDEX, all others are in HISTORY under their end.
 *   <li>Data, index, history, last applied timestamp and whatever else the applying thread put into
 *       the set (the applied log index above all) change atomically, for readers and for crashes: a
 *       crash loses a suffix of whole sets, the same one in every space.
 *   <li><b>What memory tells of a commit is published before the commit is written; readers look
 *       into the store first and into memory second.</b> So a reader never meets a version that
 *       memory does not know, whatever runs beside it.
 *   <li>A state is replaced as a whole, by a later one of the same history; views opened before
 *       stay in the old one. What memory tells is changed first, as for a commit.
 *   <li>History below the collection threshold may be gone, and is refused.
 *   <li>A failed write is never acknowledged: from then on the store refuses writes and goes on
 *       reading. Bytes that fail their checksum are an error that names the file.
 * </ul>
 *
 * <p>Elsewhere: the order of keys and the bytes of entities (encoding), which index entries a
 * commit changes (index), who writes ahead (replication: the log is the write-ahead log), which
 * timestamps may be read (transaction) and when to collect (transaction).
 *
 * @see <a href="https://github.com/facebook/rocksdb/wiki">RocksDB's wiki</a>
 */
@NullMarked
package dev.kindstead.storage;

import org.jspecify.annotations.NullMarked;
