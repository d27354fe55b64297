using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Unit.Storage.Files;

/// <summary>What an open file owes, on every disk.</summary>
public class FileContractTests
{
    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void A_new_file_is_empty_and_a_second_New_is_refused(DiskKind kind)
    {
        using var disk = new TestDisk(kind);

        using var file = disk.Files.Open(disk["a"], OpenMode.New);

        Assert.Equal((0, disk["a"]), (file.Length, file.Path));
        TestDisk.Refused(DiskFault.Exists, disk["a"], () => disk.Files.Open(disk["a"], OpenMode.New));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void Existing_opens_what_is_there_and_makes_nothing(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Write("a", 1, 2, 3);

        Assert.Equal([1, 2, 3], disk.Read("a"));
        TestDisk.Refused(DiskFault.NotFound, disk["b"], () => disk.Files.Open(disk["b"], OpenMode.Existing));
        Assert.False(disk.Files.FileExists(disk["b"]));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void ExistingOrNew_makes_a_file_once_and_keeps_its_bytes(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        using (var made = disk.Files.Open(disk["a"], OpenMode.ExistingOrNew)) made.Write(0, [7]);

        using var again = disk.Files.Open(disk["a"], OpenMode.ExistingOrNew);

        Assert.Equal([7], TestDisk.ReadAll(again));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void A_file_is_not_opened_where_there_is_no_folder_or_where_the_name_is_a_folders(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Write("file");
        disk.Files.CreateFolder(disk["folder"]);
        var inNone = Path.Combine(disk["none"], "a");
        var inFile = Path.Combine(disk["file"], "a");

        TestDisk.Refused(DiskFault.NotFound, inNone, () => disk.Files.Open(inNone, OpenMode.ExistingOrNew));
        TestDisk.Refused(DiskFault.NotFound, inFile, () => disk.Files.Open(inFile, OpenMode.ExistingOrNew));
        TestDisk.Refused(DiskFault.Denied, disk["folder"], () => disk.Files.Open(disk["folder"], OpenMode.Existing));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void Bytes_are_read_where_they_were_written_and_a_read_stops_at_the_end(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        using var file = disk.Files.Open(disk["a"], OpenMode.New);
        var bytes = new byte[200_000];
        new Random(1).NextBytes(bytes);

        file.Write(0, bytes.AsSpan(0, 70_000));
        file.Write(70_000, bytes.AsSpan(70_000));
        file.Write(100, [1, 2, 3]);
        new byte[] { 1, 2, 3 }.CopyTo(bytes, 100);

        Assert.Equal(bytes, TestDisk.ReadAll(file));
        var tail = new byte[100];
        Assert.Equal(40, file.Read(bytes.Length - 40, tail));
        Assert.Equal(bytes[^40..], tail[..40]);
        Assert.Equal(0, file.Read(bytes.Length, tail));
        Assert.Equal(0, file.Read(bytes.Length + 1_000_000, tail));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void Behind_the_end_a_write_leaves_zeros_and_an_empty_one_leaves_the_length(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        using var file = disk.Files.Open(disk["a"], OpenMode.New);

        file.Write(150_000, [9]);
        file.Write(500_000, []);

        Assert.Equal([.. new byte[150_000], 9], TestDisk.ReadAll(file));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void What_was_cut_never_comes_back(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        using var file = disk.Files.Open(disk["a"], OpenMode.New);
        foreach (var cut in (int[])[0, 1, 3000, 65_535, 65_536, 65_537, 131_072, 199_999])
        {
            var bytes = new byte[200_000];
            Array.Fill(bytes, (byte)0xAB);
            file.Write(0, bytes);

            file.SetLength(cut);
            Assert.Equal(cut, file.Length);
            file.SetLength(150_000);
            file.Write(180_000, [1]);

            bytes.AsSpan(Math.Min(cut, 150_000)).Clear();
            if (cut > 150_000) bytes.AsSpan(0, 150_000).Fill(0xAB);
            bytes[180_000] = 1;
            Assert.Equal(bytes[..180_001], TestDisk.ReadAll(file));
            file.SetLength(0);
        }
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void An_open_file_outlives_its_name(DiskKind kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && kind == DiskKind.Real, "Windows keeps the name until the file is closed");
        using var disk = new TestDisk(kind);
        disk.Write("a", 1, 2);
        using var file = disk.Files.Open(disk["a"], OpenMode.Existing);

        disk.Files.DeleteFile(disk["a"]);
        file.Write(2, [3]);
        disk.Write("a", 9);

        Assert.Equal([1, 2, 3], TestDisk.ReadAll(file));
        Assert.Equal([9], disk.Read("a"));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void An_open_file_stays_the_same_when_it_is_renamed_or_replaced(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Write("a", 1);
        disk.Write("b", 2);
        using var a = disk.Files.Open(disk["a"], OpenMode.Existing);
        using var b = disk.Files.Open(disk["b"], OpenMode.Existing);

        disk.Files.Rename(disk["a"], disk["b"]);
        a.Write(1, [11]);

        Assert.Equal([1, 11], disk.Read("b"));
        Assert.Equal([2], TestDisk.ReadAll(b));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void Two_handles_of_a_file_see_each_others_writes(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        using var writer = disk.Files.Open(disk["a"], OpenMode.New);
        using var reader = disk.Files.Open(disk["a"], OpenMode.Existing);

        writer.Write(0, [4, 5]);

        Assert.Equal([4, 5], TestDisk.ReadAll(reader));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void Reserving_and_flushing_change_nothing_that_can_be_read(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        using var file = disk.Files.Open(disk["a"], OpenMode.New);
        file.Write(0, [1]);

        file.Reserve(100_000);
        file.Flush();

        Assert.Equal([1], TestDisk.ReadAll(file));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void A_closed_file_refuses_to_work_and_a_negative_position_is_refused(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        using var file = disk.Files.Open(disk["a"], OpenMode.New);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Write(-1, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(-1, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.SetLength(-1));

        file.Dispose();
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.Length);
        Assert.Throws<ObjectDisposedException>(() => file.Read(0, new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => file.Write(0, [1]));
        Assert.Throws<ObjectDisposedException>(() => file.SetLength(0));
        Assert.Throws<ObjectDisposedException>(file.Flush);
    }
}
