using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Unit.Storage.Files;

public class DiskSmallFilesTests
{
    [Fact]
    public void A_file_is_read_whole_and_one_that_is_not_there_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("moldau-small-");
        try
        {
            var path = Path.Combine(folder.FullName, "secret");
            var files = new DiskSmallFiles();
            Assert.False(files.Exists(path));
            var missing = Assert.Throws<DiskException>(() => files.Read(path));
            Assert.Equal((DiskFault.NotFound, path), (missing.Fault, missing.Path));

            File.WriteAllBytes(path, [1, 2, 3]);
            File.SetAttributes(path, FileAttributes.ReadOnly);

            Assert.True(files.Exists(path));
            Assert.Equal([1, 2, 3], files.Read(path));
            Assert.False(files.Exists(folder.FullName));
            File.SetAttributes(path, FileAttributes.Normal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
