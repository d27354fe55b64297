namespace Moldau.TestRunner;

/// <summary>
/// The unit tests beside the .NET 8 build of Protocol: the code it has for the older framework would otherwise be compiled
/// and never run. It runs on the newer runtime, so what is proved is the code, not the runtime.
/// </summary>
internal static class Net8Variant
{
    private const string Library = "Moldau.Protocol.dll";

    /// <returns>The program in the variant's folder.</returns>
    public static string Make(string root, string program)
    {
        var tests = Path.GetDirectoryName(program)!;
        var folder = Path.Combine(root, "artifacts", "bin", "Moldau.Unit", "release_net8.0_protocol");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(tests)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);

        var older = Path.Combine(root, "artifacts", "bin", "Moldau.Protocol", "release_net8.0", Library);
        File.Copy(older, Path.Combine(folder, Library), overwrite: true);
        return Path.Combine(folder, Path.GetFileName(program));
    }
}
