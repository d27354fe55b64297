using static Moldau.Broker.Settings.SettingImportance;
using static Moldau.Broker.Settings.SettingRule;
using Is = Moldau.Broker.Settings.SettingType;

namespace Moldau.Broker.Settings.Tables;

/// <summary>The settings of a group, of whatever kind it is.</summary>
internal static class GroupRows
{
    public static readonly SettingDeclaration[] All =
    [
        new("consumer.assignment.interval.ms", Is.Int, "1000", Medium, "The shortest time between two computations of the group's assignment; 0 for none.") { Rule = AtLeast(0), BrokerName = "group.consumer.assignment.interval.ms" },
        new("consumer.heartbeat.interval.ms", Is.Int, "5000", Medium, "How often members of the consumer group are told to send a heartbeat.") { Rule = AtLeast(1), BrokerName = "group.consumer.heartbeat.interval.ms" },
        new("consumer.session.timeout.ms", Is.Int, "45000", Medium, "A member of the consumer group that is not heard of for so long is removed.") { Rule = AtLeast(1), BrokerName = "group.consumer.session.timeout.ms" },
        new("errors.deadletterqueue.copy.record.enable", Is.Boolean, "true", Medium, "Whether a dead letter of the share group has the key, the value and the headers of its record, or only says where that lies."),
        new("errors.deadletterqueue.topic.name", Is.String, "", Medium, "The topic into which records are copied that the share group gives up; empty for none."),
        new("moldau.share.order", Is.String, "none", Medium, "Whether of the records of a partition that have the same key only the first that is not done with is given to members of the share group: key; with none, as in Kafka, keys mean nothing.") { Rule = OneOf("none", "key") },
        new("moldau.share.retry.delay.max.ms", Is.Int, "300000", Medium, "The longest a record waits as moldau.share.retry.delay.ms says.") { Rule = AtLeast(0) },
        new("moldau.share.retry.delay.ms", Is.Int, "0", Medium, "How long a record of the share group waits after its first delivery that failed before it is given to anybody again; twice as long after each further one; 0, as in Kafka, for not at all.") { Rule = AtLeast(0) },
        new("share.assignment.interval.ms", Is.Int, "1000", Medium, "The shortest time between two computations of the group's assignment; 0 for none.") { Rule = AtLeast(0), BrokerName = "group.share.assignment.interval.ms" },
        new("share.auto.offset.reset", Is.String, "latest", Medium, "Where the share group begins in a partition it has read nothing of: latest, earliest, or so long ago as by_duration: says, such as by_duration:PT1H.") { Rule = ShareOffsetReset },
        new("share.delivery.count.limit", Is.Int, "5", Medium, "How often a record is delivered to the share group before it is given up.") { Rule = AtLeast(2), BrokerName = "group.share.delivery.count.limit" },
        new("share.heartbeat.interval.ms", Is.Int, "5000", Medium, "How often members of the share group are told to send a heartbeat.") { Rule = AtLeast(1), BrokerName = "group.share.heartbeat.interval.ms" },
        new("share.isolation.level", Is.String, "read_uncommitted", Medium, "Whether the share group is given records of transactions that are open or were aborted: read_uncommitted gives them, read_committed does not.") { Rule = OneOf("read_committed", "read_uncommitted") },
        new("share.partition.max.record.locks", Is.Int, "2000", Medium, "How many records of a partition the share group may hold acquired at once.") { Rule = AtLeast(100), BrokerName = "group.share.partition.max.record.locks" },
        new("share.record.lock.duration.ms", Is.Int, "30000", Medium, "How long a record that a member acquired stays its own.") { Rule = AtLeast(1000), BrokerName = "group.share.record.lock.duration.ms" },
        new("share.renew.acknowledge.enable", Is.Boolean, "true", Medium, "Whether members may ask to keep an acquired record for longer."),
        new("share.session.timeout.ms", Is.Int, "45000", Medium, "A member of the share group that is not heard of for so long is removed.") { Rule = AtLeast(1), BrokerName = "group.share.session.timeout.ms" },
        new("streams.assignment.interval.ms", Is.Int, "1000", Medium, "The shortest time between two computations of the group's assignment; 0 for none.") { Rule = AtLeast(0), BrokerName = "group.streams.assignment.interval.ms" },
        new("streams.heartbeat.interval.ms", Is.Int, "5000", Medium, "How often members of the streams group are told to send a heartbeat.") { Rule = AtLeast(1), BrokerName = "group.streams.heartbeat.interval.ms" },
        new("streams.initial.rebalance.delay.ms", Is.Int, "3000", Medium, "How long the group, when it was empty, waits for further members before its first assignment.") { Rule = AtLeast(0), BrokerName = "group.streams.initial.rebalance.delay.ms" },
        new("streams.num.standby.replicas", Is.Int, "0", Medium, "How many standby copies of each stateful task the group keeps.") { Rule = AtLeast(0), BrokerName = "group.streams.num.standby.replicas" },
        new("streams.session.timeout.ms", Is.Int, "45000", Medium, "A member of the streams group that is not heard of for so long is removed.") { Rule = AtLeast(1), BrokerName = "group.streams.session.timeout.ms" },
    ];
}
