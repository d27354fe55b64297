namespace Moldau.Client.Admin;

/// <summary>A group as it stands in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">classic, consumer, share or streams; null where the broker is too old to tell.</param>
/// <param name="ProtocolType">What its members are, such as 'consumer' or 'connect'; empty where nobody ever joined.</param>
/// <param name="State">Null where the broker is too old to tell.</param>
/// <param name="Coordinator">The broker that coordinates it.</param>
public sealed record GroupInfo(string Id, string? Type, string ProtocolType, string? State, int Coordinator);
