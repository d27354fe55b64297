namespace Moldau.TestRunner;

/// <summary>
/// The unit tests beside the .NET 8 build of Protocol: the code it has for the older framework would otherwise be compiled
/// and never run. It runs on the newer runtime, so what is proved is the code, not the runtime.
/// </summary>
internal sealed class Net8Variant(string root, string tests)
{
    private const string Library = "Moldau.Protocol.dll";

    private readonly string _folder = Path.Combine(root, "artifacts", "bin", "Moldau.Unit", "release_net8.0_protocol");

    /// <summary>The program in the variant's folder; <see cref="Make"/> puts it there.</summary>
    public string Program => Path.Combine(_folder, Path.GetFileName(tests));

    public void Make()
    {
        Directory.CreateDirectory(_folder);
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(tests)!)) File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)), overwrite: true);

        var older = Path.Combine(root, "artifacts", "bin", "Moldau.Protocol", "release_net8.0", Library);
        File.Copy(older, Path.Combine(_folder, Library), overwrite: true);
    }
}
