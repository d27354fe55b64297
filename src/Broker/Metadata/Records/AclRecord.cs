namespace Moldau.Broker.Metadata.Records;

/// <summary>One rule of who may do what.</summary>
/// <param name="Resource">What it is about.</param>
/// <param name="Pattern">How the name is meant.</param>
/// <param name="Name">The resource's name or its beginning; * is every one.</param>
/// <param name="Principal">With the type: User:alice.</param>
/// <param name="Host">An address, or * for every one.</param>
/// <param name="Operation">What is done to it.</param>
/// <param name="Permission">Whether that is allowed or denied; a denial wins.</param>
public sealed record AclRecord(
    AclResource Resource, AclPattern Pattern, string Name, string Principal, string Host, AclOperation Operation, AclPermission Permission)
    : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public string? Fault() => Name.Length == 0 || Principal.Length == 0 || Host.Length == 0 ? "an empty name, principal or host" : null;
}
