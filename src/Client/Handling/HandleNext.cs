namespace Moldau.Client.Handling;

/// <summary>The rest of the way of a record to its handler.</summary>
public delegate ValueTask HandleNext(HandleContext context);
