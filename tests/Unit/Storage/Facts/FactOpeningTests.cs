using System.Buffers.Binary;
using Moldau.Storage.Facts;
using Moldau.Storage.Facts.Journal;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Facts;

/// <summary>The rows of the decision table at <see cref="FileReading"/>, a test each.</summary>
public class FactOpeningTests
{
    public const string Path = FactCalls.Folder + "/" + JournalFile.Name;

    private readonly MemoryFileSystem _disk = new();
    private FactStore? _last;
    private long _end;

    [Fact]
    public async Task D1_no_file_is_a_new_empty_store()
    {
        await using var store = FactCalls.Open(_disk);
        Assert.Equal(new FactOpening(Created: true, RemovedTemporary: false, 0, 0, null), store.Opening);
        Assert.Equal((0, 0), (store.Revision, store.LowestKept));
    }

    [Fact]
    public async Task D2_a_temporary_file_is_removed_and_reported()
    {
        await FillAsync();
        WriteAll(Path + ".tmp", [1, 2, 3]);

        await using var store = FactCalls.Open(_disk);

        Assert.True(store.Opening.RemovedTemporary);
        Assert.False(_disk.FileExists(Path + ".tmp"));
        Assert.Equal(3, store.Revision);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(23)]
    public async Task D3_a_short_header_is_refused(int length)
    {
        await FillAsync();
        using (var file = _disk.Open(Path, OpenMode.Existing)) file.SetLength(length);
        AssertRefused(FactFileFault.Damaged, 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(15)]
    [InlineData(22)]
    public async Task D3_a_damaged_header_is_refused(int position)
    {
        await FillAsync();
        Flip(position);
        AssertRefused(FactFileFault.Damaged, 0);
    }

    [Fact]
    public async Task D4_a_newer_format_is_refused_and_both_are_named()
    {
        await FillAsync();
        using (var file = _disk.Open(Path, OpenMode.Existing)) file.Write(0, FileHeader.Build(salt: 1, format: 7));
        var refused = AssertRefused(FactFileFault.NewerFormat, 8);
        Assert.Contains("format 7", refused.Message);
        Assert.Contains("up to 1", refused.Message);
    }

    [Fact]
    public async Task D5_damage_before_the_seal_is_refused_wherever_it_is()
    {
        await FillAsync();
        await FactCalls.Open(_disk).DisposeAsync();
        var sealedBytes = ReadAll();
        for (var position = FileHeader.Length; position < sealedBytes.Length; position++)
        {
            WriteAll(Path, sealedBytes);
            Flip(position);
            AssertRefused(FactFileFault.Damaged, null);
        }

        for (var length = FileHeader.Length; length < sealedBytes.Length; length++)
        {
            WriteAll(Path, sealedBytes[..length]);
            AssertRefused(FactFileFault.Damaged, null);
        }
    }

    [Fact]
    public async Task D6_sound_frames_are_taken_to_the_end_and_written_anew()
    {
        await FillAsync();
        await using var store = FactCalls.Open(_disk);
        Assert.Equal(new FactOpening(Created: false, RemovedTemporary: false, 0, _end, null), store.Opening);
        Assert.Equal("a=3@1/3", FactCalls.Show(store.Read()));
        Assert.Equal("a=2@1/2", FactCalls.Show(store.Read(2)));
    }

    [Fact]
    public async Task D7_zeros_at_the_end_are_cut_and_reported()
    {
        await FillAsync();
        using (var file = _disk.Open(Path, OpenMode.Existing)) file.SetLength(file.Length + 700);

        await using var store = FactCalls.Open(_disk);

        Assert.Equal(new FactOpening(Created: false, RemovedTemporary: false, 700, _end, null), store.Opening);
        Assert.Equal(3, store.Revision);
    }

    [Fact]
    public async Task D8_a_torn_tail_is_cut_kept_aside_and_reported_wherever_it_was_torn()
    {
        await FillAsync();
        var whole = ReadAll();
        await FillOneMoreAsync();
        var more = ReadAll();
        for (var length = whole.Length + 1; length < more.Length; length++)
        {
            foreach (var name in _disk.List(FactCalls.Folder)) _disk.DeleteFile(FactCalls.Folder + "/" + name.Name);
            WriteAll(Path, more[..length]);

            await using var store = FactCalls.Open(_disk);

            Assert.Equal(new FactOpening(Created: false, RemovedTemporary: false, length - whole.Length, whole.Length, Path + ".cut"), store.Opening);
            Assert.Equal(more[whole.Length..length], ReadAll(Path + ".cut"));
            Assert.Equal("a=3@1/3", FactCalls.Show(store.Read()));
        }

        WriteAll(Path, more[..^1]);
        Assert.Equal(Path + ".2.cut", FactCalls.Open(_disk).Opening.CutPath);
    }

    [Fact]
    public async Task D9_damage_with_a_sound_frame_behind_it_is_refused_naming_file_and_offset()
    {
        await FillAsync();
        var end = ReadAll().Length;
        await FillOneMoreAsync();
        var oneMore = ReadAll();
        // A second frame of the same file, behind the one that is going to be damaged.
        var frame = Frame.Build([(byte)FrameKind.Changes], FileHeader.SeedOf(oneMore));
        for (var position = end; position < oneMore.Length; position++)
        {
            WriteAll(Path, [.. oneMore, .. frame]);
            Flip(position);
            var refused = AssertRefused(FactFileFault.Damaged, end);
            Assert.Contains($"{oneMore.Length}", refused.Message);
            Assert.Contains(Path, refused.Message);
        }
    }

    [Fact]
    public async Task D9_a_value_that_holds_a_frame_is_not_taken_for_one()
    {
        await FillAsync();
        var forged = Frame.Build([(byte)FrameKind.Changes], seed: 1);
        await AddAsync(FactOperation.Put("forged", forged), FactCalls.Put("x", "y"));
        var bytes = ReadAll();
        WriteAll(Path, bytes[..^1]);

        await using var store = FactCalls.Open(_disk);

        Assert.NotNull(store.Opening.CutPath);
        Assert.Equal(3, store.Revision);
    }

    [Fact]
    public async Task D10_a_sound_frame_that_does_not_follow_is_refused()
    {
        await FillAsync();
        var bytes = ReadAll();
        await FillOneMoreAsync();
        var last = ReadAll()[bytes.Length..];
        WriteAll(Path, [.. bytes, .. last, .. last]);
        AssertRefused(FactFileFault.Damaged, bytes.Length + last.Length);

        var skipped = ReadAll(Path)[..bytes.Length];
        BinaryPrimitives.WriteInt64BigEndian(last.AsSpan(Frame.HeadLength + 2), 9);
        WriteAll(Path, [.. skipped, .. Frame.Build(last.AsSpan(Frame.HeadLength), FileHeader.SeedOf(skipped))]);
        AssertRefused(FactFileFault.Damaged, bytes.Length);
    }

    private async Task FillAsync()
    {
        _last = FactCalls.Open(_disk);
        for (var i = 1; i <= 3; i++) await _last.PutAsync("a", $"{i}");
        _end = ReadAll().Length;
    }

    private Task<FactOutcome> FillOneMoreAsync() => AddAsync(FactCalls.Put("b", "4"));

    /// <summary>Still the store that filled the file: one opened anew would write it anew.</summary>
    private Task<FactOutcome> AddAsync(params FactOperation[] operations) => _last!.DoAsync(operations);

    private FactFileException AssertRefused(FactFileFault fault, long? offset)
    {
        var before = ReadAll();
        var refused = Assert.Throws<FactFileException>(() => FactCalls.Open(_disk));
        Assert.Equal((fault, Path), (refused.Fault, refused.Path));
        if (offset is not null) Assert.Equal(offset, refused.Offset);
        Assert.Equal(before, ReadAll());
        return refused;
    }

    private void Flip(int position)
    {
        using var file = _disk.Open(Path, OpenMode.Existing);
        var value = new byte[1];
        file.Read(position, value);
        file.Write(position, [(byte)(value[0] ^ 0x10)]);
    }

    private byte[] ReadAll(string path = Path)
    {
        using var file = _disk.Open(path, OpenMode.Existing);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    private void WriteAll(string path, byte[] bytes)
    {
        using var file = _disk.Open(path, OpenMode.ExistingOrNew);
        file.SetLength(0);
        file.Write(0, bytes);
        file.Flush();
    }
}
