namespace Moldau.Client.Admin;

/// <summary>Which rules are meant; what is null is any.</summary>
public sealed record AclFilter
{
    public AclResourceType? Resource { get; init; }

    public string? Name { get; init; }

    public AclPatternType? Pattern { get; init; }

    public string? Principal { get; init; }

    public string? Host { get; init; }

    public AclOperation? Operation { get; init; }

    public AclPermission? Permission { get; init; }
}
