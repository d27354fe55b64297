using static Moldau.Broker.Settings.SettingImportance;
using static Moldau.Broker.Settings.SettingRule;
using Is = Moldau.Broker.Settings.SettingType;

namespace Moldau.Broker.Settings.Tables;

/// <summary>The settings of a topic.</summary>
internal static class TopicRows
{
    public static readonly SettingDeclaration[] All =
    [
        new("cleanup.policy", Is.List, "delete", Medium, "What becomes of old segments: delete removes them by age and size, compact keeps the last record of each key; both may be given, and with neither all is kept.") { Rule = ListOf("compact", "delete"), BrokerName = "log.cleanup.policy" },
        new("compression.gzip.level", Is.Int, "-1", Medium, "The level the broker compresses with where compression.type is gzip; -1 is the codec's own default.") { Rule = BetweenOr(1, 9, -1), BrokerName = "compression.gzip.level" },
        new("compression.lz4.level", Is.Int, "9", Medium, "The level the broker compresses with where compression.type is lz4.") { Rule = Between(1, 17), BrokerName = "compression.lz4.level" },
        new("compression.type", Is.String, "producer", Medium, "The codec batches are stored with. With producer they stay as they came; with uncompressed or a codec's name the broker stores them that way.") { Rule = OneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"), BrokerName = "compression.type" },
        new("compression.zstd.level", Is.Int, "3", Medium, "The level the broker compresses with where compression.type is zstd.") { Rule = Between(-131072, 22), BrokerName = "compression.zstd.level" },
        new("delete.retention.ms", Is.Long, "86400000", Medium, "How long a delete marker is kept in a compacted topic, so that whoever reads from the start sees it in time.") { Rule = AtLeast(0), BrokerName = "log.cleaner.delete.retention.ms" },
        new("errors.deadletterqueue.group.enable", Is.Boolean, "false", Medium, "Whether groups may use the topic for their dead letters."),
        new("file.delete.delay.ms", Is.Long, "60000", Medium, "How long a deleted segment's file stays on disk, for those who are still reading it.") { Rule = AtLeast(0), BrokerName = "log.segment.delete.delay.ms" },
        new("flush.messages", Is.Long, "9223372036854775807", Medium, "So many records of a partition may wait for the disk. With moldau.durability=fsync none that is acknowledged waits at all.") { Rule = AtLeast(1), BrokerName = "log.flush.interval.messages" },
        new("flush.ms", Is.Long, "9223372036854775807", Medium, "No record waits longer for the disk. With moldau.durability=fsync none that is acknowledged waits at all.") { Rule = AtLeast(0), BrokerName = "log.flush.interval.ms" },
        new("follower.replication.throttled.replicas", Is.List, "", Medium, "One node holds every replica, so no copying can be slowed down.") { Rule = ThrottledReplicas, HasNoEffect = true },
        new("index.interval.bytes", Is.Int, "4096", Medium, "How many bytes of a log there are between two entries of its offset index; a smaller number finds offsets faster and takes more memory.") { Rule = AtLeast(0), BrokerName = "log.index.interval.bytes" },
        new("internal.segment.bytes", Is.Int, null, Medium, "Comes before segment.bytes and has no lower bound; for tests.") { IsInternal = true },
        new("leader.replication.throttled.replicas", Is.List, "", Medium, "One node holds every replica, so no copying can be slowed down.") { Rule = ThrottledReplicas, HasNoEffect = true },
        new("local.retention.bytes", Is.Long, "-2", Medium, "Segments are never moved to another storage.") { Rule = AtLeast(-2), BrokerName = "log.local.retention.bytes", HasNoEffect = true },
        new("local.retention.ms", Is.Long, "-2", Medium, "Segments are never moved to another storage.") { Rule = AtLeast(-2), BrokerName = "log.local.retention.ms", HasNoEffect = true },
        new("max.compaction.lag.ms", Is.Long, "9223372036854775807", Medium, "A record is compacted after at most so long, however clean its log is.") { Rule = AtLeast(1), BrokerName = "log.cleaner.max.compaction.lag.ms" },
        new("max.message.bytes", Is.Int, "1048588", Medium, "The largest batch of records, after compression, that the topic takes.") { Rule = AtLeast(0), BrokerName = "message.max.bytes" },
        new("message.timestamp.after.max.ms", Is.Long, "3600000", Medium, "How far a record's timestamp may lie after the broker's clock; it does not count with LogAppendTime.") { Rule = AtLeast(0), BrokerName = "log.message.timestamp.after.max.ms" },
        new("message.timestamp.before.max.ms", Is.Long, "9223372036854775807", Medium, "How far a record's timestamp may lie before the broker's clock; it does not count with LogAppendTime.") { Rule = AtLeast(0), BrokerName = "log.message.timestamp.before.max.ms" },
        new("message.timestamp.type", Is.String, "CreateTime", Medium, "Which time a record carries: CreateTime, the producer's, or LogAppendTime, when the broker appended it.") { Rule = OneOf("CreateTime", "LogAppendTime"), BrokerName = "log.message.timestamp.type" },
        new("min.cleanable.dirty.ratio", Is.Double, "0.5", Medium, "The share of a log that must be uncompacted before it is compacted again.") { Rule = Between(0, 1), BrokerName = "log.cleaner.min.cleanable.ratio" },
        new("min.compaction.lag.ms", Is.Long, "0", Medium, "A record stays as it is for at least so long before compaction may remove it.") { Rule = AtLeast(0), BrokerName = "log.cleaner.min.compaction.lag.ms" },
        new("min.insync.replicas", Is.Int, "1", Medium, "How many replicas must be in sync for a write with acks=all to be accepted.") { Rule = AtLeast(1), BrokerName = "min.insync.replicas" },
        new("moldau.durability", Is.String, "fsync", High, "When a record of the topic counts as written: fsync, once it is on disk; page-cache, once the system has it, as in Kafka, which a power failure may undo.") { Rule = OneOf("fsync", "page-cache"), BrokerName = "moldau.durability" },
        new("preallocate", Is.Boolean, "false", Medium, "Whether room for a whole segment is reserved at once; taken, and without effect so far.") { BrokerName = "log.preallocate" },
        new("remote.log.copy.disable", Is.Boolean, "false", Medium, "Segments are never moved to another storage.") { HasNoEffect = true },
        new("remote.log.delete.on.disable", Is.Boolean, "false", Medium, "Segments are never moved to another storage.") { HasNoEffect = true },
        new("remote.storage.enable", Is.Boolean, "false", Medium, "Segments are never moved to another storage, so that true is refused.") { HasNoEffect = true },
        new("retention.bytes", Is.Long, "-1", Medium, "How large a partition may become before its oldest segments are deleted; -1 for any size.") { BrokerName = "log.retention.bytes" },
        new("retention.ms", Is.Long, "604800000", Medium, "How long a segment is kept after the time of its newest record, -1 for ever.") { Rule = AtLeast(-1), BrokerName = "log.retention.ms" },
        new("segment.bytes", Is.Int, "1073741824", Medium, "How large a segment's file may become.") { Rule = AtLeast(1048576), BrokerName = "log.segment.bytes" },
        new("segment.index.bytes", Is.Int, "10485760", Medium, "The most an index file may take; a segment ends where its index would take more.") { Rule = AtLeast(4), BrokerName = "log.index.size.max.bytes" },
        new("segment.jitter.ms", Is.Long, "0", Medium, "Up to so much is taken off segment.ms at random, so that logs do not roll all at once.") { Rule = AtLeast(0), BrokerName = "log.roll.jitter.ms" },
        new("segment.ms", Is.Long, "604800000", Medium, "After so long a segment is closed and a new one begun, even where it is not full.") { Rule = AtLeast(1), BrokerName = "log.roll.ms" },
        new("unclean.leader.election.enable", Is.Boolean, "false", Medium, "Whether a replica that is not in sync may become leader when no other is left, at the price of records.") { BrokerName = "unclean.leader.election.enable" },
    ];
}
