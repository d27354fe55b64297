using System.Buffers.Binary;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Indexes;
using Xunit;

namespace Moldau.Unit.Storage.Indexes;

public class TransactionIndexTests
{
    private const string Path = "00000000000000000000.txnindex";

    private static readonly AbortedTransaction[] Some = [new(7, 0, 10, 2), new(8, 2, 20, 15), new(7, 15, 30, 31)];

    [Fact]
    public void Transactions_that_overlap_a_range_are_collected()
    {
        var index = Filled();

        Assert.Equal([Some[0], Some[1]], Collected(index, 0, 5, complete: true));
        Assert.Equal([Some[1]], Collected(index, 11, 15, complete: true));
        Assert.Equal([Some[1], Some[2]], Collected(index, 20, 31, complete: true));
        Assert.Equal([Some[2]], Collected(index, 21, 40, complete: false));
        Assert.Empty(Collected(index, 31, 40, complete: false));
    }

    [Fact]
    public void What_is_saved_is_read()
    {
        var disk = new MemoryFileSystem();
        using var file = disk.Open(Path, OpenMode.New);
        var index = Filled();
        index.SaveTo(file);
        Assert.Equal(3 * TransactionIndex.EntrySize, file.Length);

        index.TruncateTo(30);
        index.SaveTo(file);

        Assert.Equal([Some[0], Some[1]], Collected(TransactionIndex.Read(file, 0), 0, 100, complete: false));
    }

    [Theory]
    [InlineData(0, 256, "byte 34: expected version 0, found 256")]
    [InlineData(2, -1, "byte 36: expected a producer's id, found -1")]
    [InlineData(10, 20, "byte 44: expected a first offset below the end 20, found 20")]
    [InlineData(18, 10, "byte 52: expected an end not below 11, found 10")]
    [InlineData(26, 22, "byte 60: expected a stable offset not above 20 + 1, found 22")]
    public void A_damaged_file_is_refused_with_its_byte_and_value(int field, long value, string expected)
    {
        var disk = new MemoryFileSystem();
        using var file = disk.Open(Path, OpenMode.New);
        Filled().SaveTo(file);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        var place = bytes.AsSpan(TransactionIndex.EntrySize + field);
        if (field == 0) BinaryPrimitives.WriteInt16BigEndian(place, (short)value);
        else BinaryPrimitives.WriteInt64BigEndian(place, value);

        var damaged = Assert.Throws<DamagedFileException>(() => TransactionIndex.Parse(bytes, Path, 0));

        Assert.StartsWith($"{Path}, {expected}; ", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_an_entry_is_refused_and_so_are_zeros()
    {
        Assert.Throws<DamagedFileException>(() => TransactionIndex.Parse(new byte[33], Path, 0));
        Assert.Throws<DamagedFileException>(() => TransactionIndex.Parse(new byte[34], Path, 0));
    }

    [Fact]
    public void A_transaction_that_does_not_follow_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Filled().Add(new AbortedTransaction(9, 5, 30, 31)));

    private static TransactionIndex Filled()
    {
        var index = new TransactionIndex(0);
        foreach (var aborted in Some) index.Add(aborted);
        return index;
    }

    private static List<AbortedTransaction> Collected(TransactionIndex index, long from, long upTo, bool complete)
    {
        var found = new List<AbortedTransaction>();
        Assert.Equal(complete, index.Collect(from, upTo, found));
        return found;
    }
}
