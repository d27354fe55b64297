using Moldau.Storage.Logs;

namespace Moldau.Storage.Folders;

/// <summary>What became of a partition's log: it is open, or there is a reason why the partition is offline.</summary>
public sealed record OpenedLog(HostedLog Hosted, PartitionLog? Log, string? OfflineReason);
