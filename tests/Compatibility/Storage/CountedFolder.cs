using System.Globalization;
using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>A data folder on the real disk whose records say in which log and at which offset they belong.</summary>
internal sealed class CountedFolder : IDisposable
{
    public const int Logs = 3;

    private static readonly Uuid s_topic = new(7, 7);

    // Small, so that rolls and checkpoints come often.
    private static readonly LogSettings s_settings = new() { SegmentBytes = 50_000, IndexIntervalBytes = 500, CheckpointBytes = 20_000 };

    private readonly LogDisk _disk = new(new DiskFileSystem(), TimeProvider.System);
    private readonly DataFolder _folder;
    private readonly PartitionLog[] _logs = new PartitionLog[Logs];

    public CountedFolder(string path)
    {
        _folder = DataFolder.Open(_disk, path, new DataFolderOptions { NodeId = 1, Owner = "a test", Chance = new Random(1) });
        try
        {
            var opening = _folder.OpenLogs([.. Enumerable.Range(0, Logs).Select(i => new HostedLog(new PartitionName("counted", i), s_topic, s_settings))]);
            Notes = opening.Notes;
            for (var i = 0; i < Logs; i++) _logs[i] = opening.Logs[i].Log ?? throw new InvalidOperationException(opening.Logs[i].OfflineReason);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public IReadOnlyList<RecoveryNote> Notes { get; }

    public PartitionLog this[int log] => _logs[log];

    public AppendOutcome Append(int log, int count)
    {
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < count; i++) builder.Append(0, default, new OptionalBytes(Encoding.ASCII.GetBytes(Value(log, _logs[log].EndOffset + i))));
        return _logs[log].Append(builder.Finish(new BatchOptions()).ToArray(), Math.Max(_logs[log].LowestEpoch, _logs[log].Epochs.Latest?.Epoch ?? 0)).Outcome;
    }

    /// <summary>All that lies in a log is what was written there, without a gap, and at least as much as was acknowledged.</summary>
    public void Check(int log, long acknowledged)
    {
        Assert.True(_logs[log].EndOffset >= acknowledged, $"counted-{log} ends at {_logs[log].EndOffset}, and {acknowledged} was acknowledged");
        using var scratch = new PooledBuffer();
        var next = 0L;
        while (next < _logs[log].EndOffset)
        {
            using var slice = _logs[log].Read(next, 100_000, long.MaxValue).Slice;
            var bytes = new byte[slice.Length];
            slice.Read(0, bytes);
            var batches = new BatchReader(bytes);
            while (batches.MoveNext())
            {
                batches.Current.EnsureChecksum();
                var records = batches.Current.GetRecords(scratch);
                while (records.MoveNext())
                {
                    Assert.Equal(next, batches.Current.BaseOffset + records.OffsetDelta);
                    Assert.Equal(Value(log, next), Encoding.ASCII.GetString(records.Value.Span));
                    next++;
                }
            }
        }
    }

    /// <summary>A crash may tear what nobody was told of; it never looks like damage to what was.</summary>
    public void CheckNotes() =>
        Assert.DoesNotContain(Notes, note => note.Row is RecoveryRow.C1 or RecoveryRow.C2 or RecoveryRow.T6 or RecoveryRow.W7 or RecoveryRow.W9);

    /// <summary>As a kill leaves it.</summary>
    public void Dispose() => _folder.Dispose();

    private static string Value(int log, long offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{log}:{offset}:") + new string('x', (int)(offset * 37 % 400));
}
