namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Where certificates are: in a file, or in the setting itself. What kind of file it is its content says.</summary>
/// <param name="Location">Null where they are in the setting, or nowhere.</param>
/// <param name="Password">The file's.</param>
/// <param name="Certificates">As PEM.</param>
/// <param name="Key">As PEM; null of a truststore.</param>
/// <param name="KeyPassword">The key's; null of a truststore, and where it is the file's.</param>
public sealed record TlsStoreSettings(string? Location, string? Password, string? Certificates, string? Key, string? KeyPassword)
{
    public bool IsGiven => Location is not null || Certificates is not null || Key is not null;

    /// <summary>Passwords and keys are in here.</summary>
    public override string ToString() => Location ?? "given in the setting";
}
