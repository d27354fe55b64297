namespace Moldau.Host.Commands.Doctor;

/// <summary>One thing that is looked at. Pure: what is known goes in, findings come out; none where there is nothing to judge.</summary>
/// <param name="Code">Its name, which stays the same over versions.</param>
/// <param name="Subject">What is looked at.</param>
/// <param name="Complaint">When it complains, and why that matters.</param>
/// <param name="Look">The look itself.</param>
internal sealed record Check<TFacts>(string Code, string Subject, string Complaint, Func<TFacts, IEnumerable<Finding>> Look);
