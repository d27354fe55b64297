using System.Buffers.Binary;
using Moldau.Protocol.Checksums;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Producers;
using Moldau.Unit.Storage.Facts;
using Xunit;

namespace Moldau.Unit.Storage.Producers;

public class SnapshotTests
{
    private const string Folder = "orders-0";
    private const long Never = long.MaxValue;
    private const int Crashes = 50;

    private readonly MemoryFileSystem _disk = new();
    private readonly SamplePartition _partition = new();
    private readonly ProducerSnapshotFiles _files;

    public SnapshotTests()
    {
        _disk.CreateFolder(Folder);
        _disk.FlushFolder("");
        _files = new ProducerSnapshotFiles(_disk, Folder);
    }

    [Fact]
    public void A_snapshot_keeps_the_last_batch_of_each_producer_and_its_open_transaction()
    {
        for (var i = 0; i < 7; i++) _partition.Send(1L << 40, sequence: i, epoch: 2, time: 100 + i);
        _partition.SendVerified(7, sequence: 5, count: 3, time: 200);
        _partition.EndTransaction(9, epoch: 4, coordinator: 6, time: 300);
        Assert.True(_files.Take(_partition.States));

        var reloaded = new ProducerStates();
        var files = new ProducerSnapshotFiles(_disk, Folder);
        var reload = files.Reload(reloaded, logStart: 0, logEnd: 20, now: 400, Never);

        Assert.Equal((11, 11), (reload.ReplayFrom, reloaded.EndOffset));
        Assert.Equal((3, 7), (reloaded.Count, reloaded.FirstUnstableOffset));
        var (first, second, third) = (Of(reloaded, 1L << 40), Of(reloaded, 7), Of(reloaded, 9));
        Assert.Equal((1, (short)2, 6, 6, 106), (first.BatchCount, first.Epoch, first.LastSequence, first.LastOffset, first.LastTimestamp));
        Assert.Equal((7, 5, 7), (second.TransactionOffset, second.BatchAt(0).BaseSequence, second.BatchAt(0).BaseOffset));
        Assert.Equal((0, (short)4, 6, 300), (third.BatchCount, third.Epoch, third.CoordinatorEpoch, third.LastTimestamp));
        Assert.Equal(ProducerSnapshot.Write(_partition.States.Producers), ProducerSnapshot.Write(reloaded.Producers));
    }

    [Fact]
    public void Nothing_is_written_where_nothing_happened_since()
    {
        Assert.False(_files.Take(_partition.States));
        _partition.Send(7, sequence: 0);
        Assert.True(_files.Take(_partition.States));
        Assert.False(_files.Take(_partition.States));
        Assert.Equal([1L], _files.Offsets);
        Assert.True(_disk.FileExists(Folder + "/00000000000000000001.snapshot"));
    }

    [Fact]
    public void Expired_producers_are_not_loaded()
    {
        _partition.Send(7, sequence: 0, time: 100);
        _partition.Send(8, sequence: 0, time: 200);
        _files.Take(_partition.States);
        var reloaded = new ProducerStates();

        _files.Reload(reloaded, 0, 5, now: 250, expirationMilliseconds: 100);

        Assert.False(reloaded.TryGet(7, out _));
        Assert.True(reloaded.TryGet(8, out _));
    }

    [Fact]
    public void A_cut_log_goes_back_to_the_newest_snapshot_within_it()
    {
        foreach (var _ in Enumerable.Range(0, 3))
        {
            _partition.Send(7, sequence: _partition.End == 0 ? 0 : _partition.Of(7).NextSequence);
            _files.Take(_partition.States);
        }

        var reload = _files.Reload(_partition.States, logStart: 1, logEnd: 2, now: 100, Never);

        Assert.Equal((2, 1), (reload.ReplayFrom, _partition.Of(7).LastSequence));
        Assert.Equal([2L], _files.Offsets);
    }

    [Fact]
    public void States_at_the_logs_end_are_kept_as_they_are()
    {
        for (var i = 0; i < 4; i++) _partition.Send(7, sequence: i);

        var reload = _files.Reload(_partition.States, 0, logEnd: 4, now: 100, Never);

        Assert.Equal((4, 4), (reload.ReplayFrom, _partition.Of(7).BatchCount));
    }

    [Fact]
    public void A_damaged_snapshot_is_removed_and_the_one_before_is_taken()
    {
        _partition.Send(7, sequence: 0);
        _files.Take(_partition.States);
        _partition.Send(7, sequence: 1);
        _files.Take(_partition.States);
        Flip(Folder + "/" + ProducerSnapshotFiles.NameOf(2), position: 12);

        var reload = _files.Reload(_partition.States, 0, logEnd: 9, now: 100, Never);

        Assert.Equal(1, reload.ReplayFrom);
        var corrupt = Assert.Single(reload.Unreadable);
        Assert.Equal(("orders-0/00000000000000000002.snapshot", 2), (corrupt.Path, corrupt.Position));
        Assert.Contains("byte 2: checksum", corrupt.Message, StringComparison.Ordinal);
        Assert.Equal([1L], _files.Offsets);
        Assert.False(_disk.FileExists(corrupt.Path));
    }

    [Fact]
    public void Every_single_damaged_byte_and_every_cut_is_noticed()
    {
        _partition.Send(7, sequence: 0);
        _partition.Send(8, sequence: 0);
        var bytes = ProducerSnapshot.Write(_partition.States.Producers);

        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 0x40;
            Assert.Throws<CorruptSnapshotException>(() => ProducerSnapshot.Read(damaged, "s"));
            Assert.Throws<CorruptSnapshotException>(() => ProducerSnapshot.Read(bytes.AsSpan(0, i), "s"));
        }
    }

    [Fact]
    public void A_count_that_is_not_what_follows_is_refused_before_it_is_believed()
    {
        var bytes = new byte[10];
        BinaryPrimitives.WriteInt16BigEndian(bytes, 1);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(6), int.MaxValue);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(2), Crc32C.Compute(bytes.AsSpan(6)));

        var corrupt = Assert.Throws<CorruptSnapshotException>(() => ProducerSnapshot.Read(bytes, "s"));

        Assert.Contains("byte 6: 2147483647 producers of 46 bytes each, but 0 bytes follow", corrupt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_that_was_taken_survives_every_crash() => Assert.Equal(Crashes, CrashesThatKeepATakenSnapshot(_disk));

    /// <summary>A snapshot of the cut part would later be taken for the states of what was appended instead.</summary>
    [Fact]
    public void A_snapshot_above_a_cut_does_not_come_back_in_a_crash() => Assert.Equal(0, CrashesThatBringACutSnapshotBack(_disk));

    /// <summary>The file may be there though the disk has said that it failed, and whole: it goes with what it speaks of.</summary>
    [Fact]
    public void A_snapshot_whose_write_was_told_as_failed_goes_with_a_cut()
    {
        var files = new ProducerSnapshotFiles(new LyingDisk(_disk, deniesWrite: static () => true), Folder);
        _partition.Send(7, sequence: 0);
        Assert.Throws<DiskException>(() => files.Write(_partition.States));
        Assert.Empty(files.Offsets);
        Assert.Single(_files.Read(1));

        files.Reload(_partition.States, 0, logEnd: 0, now: 100, Never);

        Assert.Empty(_disk.List(Folder));
        Assert.Equal(0, CountCrashes(static found => found.Offsets.Count > 0));
    }

    /// <summary>The break: both crash tests must notice a disk that does not make names durable.</summary>
    [Fact]
    public void A_disk_that_forgets_names_loses_snapshots_and_brings_cut_ones_back()
    {
        Assert.InRange(CrashesThatKeepATakenSnapshot(new NamelessDisk(_disk)), 0, Crashes - 1);
        Assert.InRange(CrashesThatBringACutSnapshotBack(new NamelessDisk(_disk), takenOn: _disk), 1, Crashes);
    }

    [Fact]
    public void A_full_disk_refuses_the_snapshot_and_the_next_attempt_takes_it()
    {
        _partition.Send(7, sequence: 0);
        _disk.Fault = (operation, _) => operation == DiskOperation.Write ? DiskFault.Full : null;
        Assert.Equal(DiskFault.Full, Assert.Throws<DiskException>(() => _files.Take(_partition.States)).Fault);
        Assert.Empty(_files.Offsets);
        _disk.Fault = null;

        Assert.True(_files.Take(_partition.States));

        Assert.Single(_files.Read(1));
    }

    [Fact]
    public void An_emptied_log_begins_without_producers_and_snapshots()
    {
        _partition.SendVerified(7, sequence: 0);
        _files.Take(_partition.States);

        _files.StartAt(_partition.States, 50);

        Assert.Equal((0, 50, null), (_partition.States.Count, _partition.States.EndOffset, _partition.States.FirstUnstableOffset));
        Assert.Empty(_disk.List(Folder));
    }

    [Theory]
    [InlineData("00000000000000000731.snapshot", 731)]
    [InlineData("731.snapshot", -1)]
    [InlineData("00000000000000000731.snapshot.deleted", -1)]
    [InlineData("-0000000000000000731.snapshot", -1)]
    [InlineData("99999999999999999999.snapshot", -1)]
    public void Only_Kafkas_names_are_snapshots(string name, long offset)
    {
        Assert.Equal(offset >= 0, ProducerSnapshotFiles.TryParse(name, out var parsed));
        if (offset >= 0) Assert.Equal((offset, name), (parsed, ProducerSnapshotFiles.NameOf(parsed)));
    }

    private static ProducerState Of(ProducerStates states, long producer) =>
        states.TryGet(producer, out var state) ? state : throw new InvalidOperationException($"producer {producer} is not known");

    private int CrashesThatKeepATakenSnapshot(IFileSystem disk)
    {
        _partition.Send(7, sequence: 0);
        new ProducerSnapshotFiles(disk, Folder).Take(_partition.States);
        return CountCrashes(files => files.Offsets is [1] && files.Read(1).Count == 1);
    }

    private int CrashesThatBringACutSnapshotBack(IFileSystem disk, IFileSystem? takenOn = null)
    {
        if (_partition.End == 0) _partition.Send(7, sequence: 0);
        new ProducerSnapshotFiles(takenOn ?? disk, Folder).Take(_partition.States);
        new ProducerSnapshotFiles(disk, Folder).Reload(_partition.States, 0, logEnd: 0, now: 100, Never);
        return CountCrashes(files => files.Offsets.Count > 0);
    }

    private int CountCrashes(Predicate<ProducerSnapshotFiles> holds)
    {
        var count = 0;
        for (var seed = 0; seed < Crashes; seed++)
        {
            if (holds(new ProducerSnapshotFiles(_disk.AfterCrash(new Random(seed)), Folder))) count++;
        }

        return count;
    }

    private void Flip(string path, int position)
    {
        using var file = _disk.Open(path, OpenMode.Existing);
        Span<byte> one = stackalloc byte[1];
        file.Read(position, one);
        one[0] ^= 1;
        file.Write(position, one);
    }
}
