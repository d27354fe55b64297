using Moldau.Storage.Facts;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Facts;

public class FactExportTests
{
    private readonly MemoryFileSystem _disk = new();

    [Fact]
    public async Task An_export_imported_elsewhere_is_the_same_store_at_that_revision()
    {
        await using var store = await FilledAsync();
        var other = new MemoryFileSystem();

        FactStore.Import(other, FactCalls.Folder, new Random(2), FactExport.Read(Exported(store.Read(3)), "export"));

        await using var imported = FactCalls.Open(other.AfterCrash(new Random(1)));
        Assert.Equal((3, 3), (imported.Revision, imported.LowestKept));
        Assert.Equal(FactCalls.Show(store.Read(3)), FactCalls.Show(imported.Read()));
        Assert.Equal(Exported(store.Read(3)).ToArray(), Exported(imported.Read()).ToArray());
        Assert.Equal(new FactOutcome.Applied(4), await imported.PutAsync("next", "1"));
    }

    [Fact]
    public async Task Keys_are_exported_in_order()
    {
        await using var store = await FilledAsync();
        Assert.Equal(["a", "b", "\uFFFF", "\U00010000"], FactExport.Read(Exported(store.Read()), "export").Entries.Select(entry => entry.Key));
    }

    [Fact]
    public async Task An_import_into_a_store_that_held_something_is_refused()
    {
        await using var store = await FilledAsync();
        var export = FactExport.Read(Exported(store.Read()), "export");
        var refused = Assert.Throws<FactRefusedException>(() => FactStore.Import(_disk, FactCalls.Folder, new Random(2), export));
        Assert.Equal(FactRefusal.NotEmpty, refused.Refusal);
    }

    [Fact]
    public async Task A_damaged_or_shortened_export_is_refused()
    {
        await using var store = await FilledAsync();
        var bytes = Exported(store.Read()).ToArray();
        for (var position = 0; position < bytes.Length; position++)
        {
            byte[] damaged = [.. bytes];
            damaged[position] ^= 4;
            Assert.Throws<FactFileException>(() => FactExport.Read(new MemoryStream(damaged), "export"));
            Assert.Throws<FactFileException>(() => FactExport.Read(new MemoryStream(bytes[..position]), "export"));
        }
    }

    private async Task<FactStore> FilledAsync()
    {
        var store = FactCalls.Open(_disk);
        await store.PutAsync("\U00010000", "1");
        await store.DoAsync(FactCalls.Put("b", "2"), FactCalls.Put("\uFFFF", ""));
        await store.PutAsync("a", "3");
        await store.PutAsync("b", "4");
        return store;
    }

    private static MemoryStream Exported(FactView view)
    {
        var stream = new MemoryStream();
        FactExport.Write(view, stream);
        stream.Position = 0;
        return stream;
    }
}
