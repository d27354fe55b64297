using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Partitions.Moving;

/// <summary>
/// What must hold of a partition after a crash in the middle of a move: all that was acknowledged is there, once and in
/// order, and nothing of what the move has left.
/// </summary>
internal static class MoveChecker
{
    /// <returns>What is amiss; null where nothing is.</returns>
    public static async Task<string?> FaultAsync(IFileSystem disk, string folders, IReadOnlyList<int> acknowledged, IReadOnlyList<int> sent)
    {
        await using var broker = await TestBroker.StartAsync(disk: disk, settings: MovingClient.Folders(folders));
        using var client = await broker.ConnectAsync();
        for (var partition = 0; partition < acknowledged.Count; partition++)
        {
            if (broker.Server.Topics.Find("t")!.Find(partition)!.OfflineReason is { } reason) return reason;
            List<string> values;
            try
            {
                values = await MovingClient.ReadAsync(client, "t", partition);
            }
            catch (Exception broken) when (broken is Xunit.Sdk.XunitException or InvalidBatchException)
            {
                return $"t-{partition}: {broken.Message}";
            }

            if (values.Count < acknowledged[partition] || values.Count > sent[partition]) return $"t-{partition}: {values.Count} records, where {acknowledged[partition]} were acknowledged and {sent[partition]} sent";
            for (var i = 0; i < values.Count; i++)
            {
                if (values[i] != $"{i}") return $"t-{partition}: '{values[i]}' at offset {i}";
            }

            var error = await MovingClient.ProduceAsync(client, "t", $"{values.Count}", partition);
            if (error != ErrorCode.None) return $"t-{partition} takes no appends: {error}";
        }

        return Left(broker, disk, folders, acknowledged.Count);
    }

    /// <summary>Each partition's folder is in one data folder, none of them a copy, and a tick has removed all others.</summary>
    private static string? Left(TestBroker broker, IFileSystem disk, string folders, int partitions)
    {
        broker.Server.Folders.Tick();
        var found = folders.Split(',').SelectMany(folder => disk.List(folder).Where(static entry => entry.IsFolder).Select(entry => $"{folder}/{entry.Name}")).ToList();
        var names = found.Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
        if (!names.SequenceEqual(Enumerable.Range(0, partitions).Select(static partition => $"t-{partition}"))) return $"left behind: {string.Join(", ", found)}";
        return found.Find(path => disk.FileExists(path + "/moldau-moving")) is { } marked ? $"{marked} has its mark still" : null;
    }
}
