using Moldau.Compatibility.Differential;

namespace Moldau.Compatibility.Clients;

/// <summary>Brokers whose share groups have their partitions soon: a member learns of them with a heartbeat.</summary>
public sealed class SharingPair() : BrokerPair(new()
{
    ["group.share.min.heartbeat.interval.ms"] = "300",
    ["group.share.heartbeat.interval.ms"] = "300",
    ["group.share.min.record.lock.duration.ms"] = "1000",
});
