using System.Runtime.InteropServices;

namespace Moldau.Broker.Security.Seams;

/// <summary>
/// Tells the system's Kerberos which keys are ours. It has one file of them for the whole process, which can otherwise be
/// said only in the environment, before the process begins.
/// </summary>
internal static partial class SystemKeytab
{
    private const string Library = "libgssapi_krb5.so.2";

    /// <summary>Why there is no Kerberos here; null where there is.</summary>
    public static string? Missing => OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Library, out _)
        ? null : $"this system has no {Library} (Debian: libgssapi-krb5-2)";

    public static void Use(string path)
    {
        if (Register(path) != 0) throw new InvalidOperationException($"the system's Kerberos does not take {path} for its keys");
    }

    [LibraryImport(Library, EntryPoint = "krb5_gss_register_acceptor_identity", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint Register(string path);
}
